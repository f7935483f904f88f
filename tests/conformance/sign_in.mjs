// A real sign-in server (oidc-provider): sign_in.mjs PORT [SCOPE…]. It demands PKCE, takes a refresh token once, and
// knows the client "app".
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(process.cwd() + "/");
const { Provider } = await import(pathToFileURL(require.resolve("oidc-provider")));
const port = Number(process.argv[2]);

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: "app",
      application_type: "native",
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"],
      redirect_uris: ["http://localhost"],
    },
  ],
  pkce: { required: () => true },
  features: { deviceFlow: { enabled: true }, devInteractions: { enabled: true } },
  scopes: ["openid", "offline_access", "email", "profile", ...process.argv.slice(3)],
  claims: { email: ["email"] },
  conformIdTokenClaims: false,
  rotateRefreshToken: true,
  issueRefreshToken: async () => true,
  findAccount: (_, id) => ({
    accountId: id,
    claims: async () => ({ sub: id, email: "plans@brightwater.example" }),
  }),
  ttl: { DeviceCode: 8, AccessToken: 3600, RefreshToken: 86400, Grant: 86400, IdToken: 3600, Interaction: 600, Session: 600 },
});
// This server does not know Microsoft's choice between accounts. It asks for a login instead.
provider.use(async (context, next) => {
  context.url = context.url.replace("prompt=select_account", "prompt=login");
  await next();
});
provider.listen(port, "127.0.0.1", () => console.log(port));
