// A real mail server (smtp-server) that takes the token "good" (XOAUTH2) and offers LOGIN and PLAIN before it: mail.mjs FOLDER.
// Prints its port. Each email is written into FOLDER before it is taken.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { writeFileSync } from "node:fs";

const require = createRequire(process.cwd() + "/");
const { SMTPServer } = await import(pathToFileURL(require.resolve("smtp-server")));
const folder = process.argv[2];
let count = 0;

const server = new SMTPServer({
  authMethods: ["LOGIN", "PLAIN", "XOAUTH2"],
  disabledCommands: ["STARTTLS"],
  allowInsecureAuth: true,
  onAuth(auth, _, callback) {
    if (auth.method !== "XOAUTH2") return callback(new Error("a token went out as a password"));
    if (auth.accessToken !== "good") return callback(null, { data: { status: "401", schemes: "bearer" } });
    callback(null, { user: auth.username });
  },
  onData(stream, _, callback) {
    const parts = [];
    stream.on("data", (part) => parts.push(part));
    stream.on("end", () => {
      writeFileSync(`${folder}/${String(count++).padStart(5, "0")}.eml`, Buffer.concat(parts));
      callback(null, "taken");
    });
  },
});
server.listen(0, "127.0.0.1", () => console.log(server.server.address().port));
