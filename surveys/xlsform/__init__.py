"""XLSForm, the spreadsheet format of Kobo and ODK, read and written for exchange (docs/developers/xlsform.md)."""
