import type { ReactElement } from 'react';
import { text } from '../text/text';
import { Mark } from './mark';
import styles from './table.module.css';

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
                <Mark kind={row.ok ? 'good' : 'bad'}>{row.ok ? text.beat.fits : text.beat.differs}</Mark>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
