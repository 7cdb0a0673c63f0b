import type { ReactNode } from 'react';

interface TableRow {
  readonly key: string;
  /** The first one names the row. */
  readonly cells: readonly ReactNode[];
}

/** A table; on a narrow screen each row is a block of titled lines (page.css). The roles say that it is a table even so. */
export function Table({ titles, rows }: { titles: readonly string[]; rows: readonly TableRow[] }) {
  return (
    <table role="table">
      <thead role="rowgroup">
        <tr role="row">
          {titles.map((title) => (
            <th key={title} role="columnheader" scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map(({ key, cells: [first, ...others] }) => (
          <tr key={key} role="row">
            <th role="rowheader" scope="row" dir="auto" data-title={titles[0]}>
              {first}
            </th>
            {others.map((cell, i) => (
              <td key={titles[i + 1]} role="cell" dir="auto" data-title={titles[i + 1]}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
