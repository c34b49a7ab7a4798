import type { ReactElement, ReactNode } from 'react';
import styles from './table.module.css';

interface PlainTableProps {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly key: string; readonly cells: readonly ReactNode[] }[];
  readonly empty: string;
}

/** A table as on paper; its first cell names the row. */
export function PlainTable({ title, columns, rows, empty }: PlainTableProps): ReactElement {
  if (rows.length === 0) return <p>{empty}</p>;
  return (
    <div className={styles.frame} role="group" aria-label={title} tabIndex={0}>
      <table className={styles.table}>
        <caption className="only-heard">{title}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              {row.cells.map((cell, i) =>
                i === 0 ? (
                  <th key={i} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={i}>{cell}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
