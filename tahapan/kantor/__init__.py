"""The office folder: made new for any regency, out to a workbook and in again, a stand-in for a few days."""
