import { describe, expect, it } from 'vitest';
import { checkTable, showBlock } from '../../../../core/pack/report/blocks';
import { BEAT } from '../../../../core/pack/report/beat';
import { TEXT_WIDTH } from '../../../../core/pack/report/look';

const HASH = '0123456789abcdef'.repeat(4);
const GROUPS = '01234567 89abcdef '.repeat(4).trim();

describe('the tables of the report', () => {
  it('keep wanted, got and verdict on the page, however long the values and names are', () => {
    const got = 'x'.repeat(300);
    const tables = [
      checkTable([{ rule: 'CER-WRAP-UNTRUSTED-REFUSED', ok: true, wanted: `material ${HASH}`, got }]),
      showBlock({ kind: 'attributes', title: '', rows: [{ name: 'CKA_ALWAYS_AUTHENTICATE', wanted: HASH, got, ok: true }] }),
    ];
    for (const table of tables) {
      const [, widths] = /"widths":\[([\d.,]+)\]/.exec(JSON.stringify(table)) ?? [];
      const columns = widths?.split(',').map(Number) ?? [];
      expect(columns).toHaveLength(4);
      expect(columns.reduce((sum, width) => sum + width, 0) + 42).toBeLessThanOrEqual(TEXT_WIDTH - BEAT);
      expect(Math.min(...columns)).toBeGreaterThan(30);
    }
  });

  it('group hex wherever it stands in a text', () => {
    const table = JSON.stringify(checkTable([{ rule: 'CER-X', ok: true, wanted: HASH, got: `material ${HASH}, found` }]));
    expect(table).toContain(`"${GROUPS}"`);
    expect(table).toContain(`material ${GROUPS}, found`);
  });
});
