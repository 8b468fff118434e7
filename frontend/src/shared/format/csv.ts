/** Tables as CSV text (RFC 4180) that no spreadsheet takes for formulas, and the download of it. */

const PLAIN_NUMBER = /^-?\d+(\.\d+)?$/;
const FORMULA_START = /^[=+\-@\t\r]/;

/** Rows of cells, the head first; a cell that is nothing stays empty. */
export function toCsv(rows: readonly (readonly (string | null | undefined)[])[]): string {
  return rows.map((row) => `${row.map((cell) => csvCell(cell ?? '')).join(',')}\r\n`).join('');
}

/** Text that a spreadsheet would run as a formula gets an apostrophe before it; numbers, also negative ones, do not. */
export function csvCell(text: string): string {
  const harmless = FORMULA_START.test(text) && !PLAIN_NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Hand a text to the person as a file; the byte order mark makes spreadsheets read it as UTF-8. */
export function downloadCsv(fileName: string, csv: string): void {
  const address = URL.createObjectURL(new Blob(['\uFEFF', csv], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
