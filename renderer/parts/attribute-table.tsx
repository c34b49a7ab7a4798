import type { ReactElement } from 'react';
import { text } from '../text/text';
import styles from './table.module.css';
import { VerdictMark } from './verdict-mark';

interface AttributeTableProps {
  readonly title: string;
  readonly firstColumn: string;
  readonly rows: readonly { readonly name: string; readonly wanted: string; readonly got: string; readonly ok: boolean }[];
}

/** Wanted against got, row by row, with a verdict in words. */
export function AttributeTable({ title, firstColumn, rows }: AttributeTableProps): ReactElement {
  return (
    <div className={styles.frame} role="group" aria-label={title} tabIndex={0}>
      <table className={styles.table}>
        <caption className="only-heard">{title}</caption>
        <thead>
          <tr>
            <th scope="col">{firstColumn}</th>
            <th scope="col">{text.beat.wanted}</th>
            <th scope="col">{text.beat.got}</th>
            <th scope="col">{text.beat.verdict}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name} className={row.ok ? undefined : styles.bad}>
              <th scope="row" className="mono">
                {row.name}
              </th>
              <td className="mono">{row.wanted}</td>
              <td className="mono">{row.got}</td>
              <td>
                <VerdictMark ok={row.ok} word={row.ok ? text.beat.fits : text.beat.differs} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
