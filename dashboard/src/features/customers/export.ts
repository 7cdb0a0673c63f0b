import type { CustomerItem } from '../../api/types';
import type { CustomerQuery } from './api';
import { walk } from './api';

const HEADER = 'id,domain,companyName,relationshipToPartner\r\n';

/** A cell by RFC 4180. Like the command line's, it is what the service sent, formulas included. */
export const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export const row = (item: CustomerItem) =>
  `${[item.id, item.companyProfile.domain, item.companyProfile.companyName, item.relationshipToPartner].map(cell).join(',')}\r\n`;

/** The whole result as CSV. The byte order mark tells spreadsheets that it is UTF-8. */
export async function exportCsv(query: CustomerQuery, signal: AbortSignal, onProgress: (rows: number) => void): Promise<Blob> {
  const parts: BlobPart[] = ['\uFEFF', HEADER];
  let rows = 0;
  for await (const items of walk(query, signal)) {
    // A blob each: the browser may move them to the disk.
    parts.push(new Blob(items.map(row)));
    rows += items.length;
    onProgress(rows);
  }
  return new Blob(parts, { type: 'text/csv;charset=utf-8' });
}

export function save(blob: Blob, name: string) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
