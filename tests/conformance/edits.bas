REM What clients do to a workbook, done by LibreOffice itself; each result is saved in every format.

Sub Main(source As String, folder As String)
  On Error GoTo Failed
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  Dim edits
  edits = Array("untouched", "rows-inserted", "rows-deleted", "columns-inserted", "columns-deleted", "sheets-renamed", _
    "sheets-moved", "sheets-copied", "sheets-hidden", "names-dropped", "ids-cleared", "names-and-ids-dropped", _
    "labels-retyped", "merged-into-another", "question-deleted", "typed-anew")
  Dim document, edit, i
  For i = 0 To UBound(edits)
    edit = edits(i)
    document = StarDesktop.loadComponentFromURL(source, "_blank", 0, hidden())
    document = Edited(document, edit)
    Save(document, folder & "/" & edit)
    document.close(True)
  Next
  Note(folder, "done")
  Exit Sub
Failed:
  Note(folder, "error " & Err & " in line " & Erl & ": " & Error$ & " (" & edit & ")")
End Sub

Sub Note(folder As String, text As String)
  Dim file
  file = FreeFile
  Open ConvertFromURL(folder & "/report.txt") For Output As #file
  Print #file, text
  Close #file
End Sub

Sub Save(document, stem As String)
  Dim filters, endings, i
  filters = Array("Calc MS Excel 2007 XML", "Calc MS Excel 2007 VBA XML", "MS Excel 97", "calc8", "calc8_template")
  endings = Array("xlsx", "xlsm", "xls", "ods", "ots")
  Dim how(0) As New com.sun.star.beans.PropertyValue
  how(0).Name = "FilterName"
  For i = 0 To UBound(filters)
    how(0).Value = filters(i)
    document.storeToURL(stem & "." & endings(i), how())
  Next
End Sub

Function Edited(document, edit)
  Dim sheets, sheet, i, row
  sheets = document.Sheets
  For i = 0 To sheets.Count - 1
    sheets.getByIndex(i).unprotect("")
  Next
  Select Case edit
  Case "rows-inserted"
    For i = 1 To sheets.Count - 2
      sheets.getByIndex(i).Rows.insertByIndex(9, 2)
      sheets.getByIndex(i).Rows.insertByIndex(0, 3)
    Next
  Case "rows-deleted"
    For i = 1 To sheets.Count - 2
      sheets.getByIndex(i).Rows.removeByIndex(0, 2)
    Next
  Case "columns-inserted"
    For i = 1 To sheets.Count - 2
      sheets.getByIndex(i).Columns.insertByIndex(i Mod 3, 1)
    Next
  Case "columns-deleted"
    For i = 1 To sheets.Count - 2
      sheets.getByIndex(i).Columns.removeByIndex(0, 1)
    Next
  Case "sheets-renamed"
    For i = 1 To sheets.Count - 2
      sheets.getByIndex(i).Name = "Лист " & i & " it's"
    Next
  Case "sheets-moved"
    For i = 1 To sheets.Count - 1
      sheets.moveByName(sheets.getByIndex(i).Name, 0)
    Next
  Case "sheets-copied"
    sheets.copyByName(sheets.getByIndex(2).Name, "Copy", 0)
    sheets.copyByName(sheets.getByIndex(5).Name, "Copy (2)", sheets.Count)
  Case "sheets-hidden"
    For i = 1 To sheets.Count - 2
      sheets.getByIndex(i).IsVisible = False
    Next
  Case "names-dropped"
    DropNames(document)
  Case "ids-cleared"
    ClearIds(document)
  Case "names-and-ids-dropped"
    DropNames(document)
    ClearIds(document)
  Case "labels-retyped"
    DropNames(document)
    ClearIds(document)
    For i = 1 To sheets.Count - 2
      sheet = sheets.getByIndex(i)
      For row = 0 To 120
        If sheet.getCellByPosition(1, row).Type = com.sun.star.table.CellContentType.TEXT Then
          sheet.getCellByPosition(1, row).String = "  " & UCase(sheet.getCellByPosition(1, row).String) & " : "
        End If
      Next
    Next
  Case "merged-into-another"
    Dim hidden(0) As New com.sun.star.beans.PropertyValue
    hidden(0).Name = "Hidden"
    hidden(0).Value = True
    Dim other
    other = StarDesktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, hidden())
    other.Sheets.getByIndex(0).getCellByPosition(0, 0).String = "Our own figures"
    For i = 0 To sheets.Count - 1
      other.Sheets.importSheet(document, sheets.getByIndex(i).Name, other.Sheets.Count)
    Next
    document.close(True)
    document = other
  Case "question-deleted"
    Dim cell
    cell = document.NamedRanges.getByName(DELETED).getReferredCells()
    cell.Spreadsheet.Rows.removeByIndex(cell.RangeAddress.StartRow, 1)
  Case "typed-anew"
    TypeAnew(document)
  End Select
  Edited = document
End Function

Sub DropNames(document)
  Dim names, i
  names = document.NamedRanges.ElementNames
  For i = 0 To UBound(names)
    document.NamedRanges.removeByName(names(i))
  Next
End Sub

Sub ClearIds(document)
  Dim i
  For i = 1 To document.Sheets.Count - 2
    document.Sheets.getByIndex(i).Columns.getByIndex(0).clearContents(1 + 2 + 4 + 16)
  Next
End Sub

REM As at the keyboard: the program makes of it what it will, a day of "8/10" and a quarter of "25 %".
Sub TypeAnew(document)
  Dim lines, i, parts, cell
  lines = Split(KEYSTROKES, "|")
  For i = 0 To UBound(lines)
    parts = Split(lines(i), "~")
    cell = document.NamedRanges.getByName(parts(0)).getReferredCells()
    cell.setFormula(parts(1))
  Next
End Sub
