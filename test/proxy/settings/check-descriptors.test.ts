import { describe, expect, it } from 'vitest';
import { judgeDescriptors } from '../../../proxy/settings/check-descriptors';
import { Remarks } from '../../../proxy/settings/remarks';
import { settingsOf } from './ground';
import { OUR_SETTINGS } from './sample';

describe('the descriptors a proxy may open', () => {
  async function said(limits: string): Promise<readonly string[]> {
    const remarks = new Remarks();
    const settings = await settingsOf(OUR_SETTINGS);
    const server = { ...settings.server, connections: 1000 };
    judgeDescriptors({ server, pool: { ...settings.pool, sessions: 22 } }, limits, remarks);
    return remarks.all.map(({ severity, key, problem, remedy }) => `${severity} ${key} ${problem} | ${remedy}`);
  }

  const limits = (hard: string): string =>
    `Limit   Soft Limit  Hard Limit  Units\nMax open files            1024                 ${hard}   files\n`;

  it.each([limits('1300'), limits('524288'), limits('unlimited'), ''])('are enough where %j', async (text) => {
    expect(await said(text)).toEqual([]);
  });

  it('are too few where strangers could take what the audit log needs', async () => {
    expect(await said(limits('1299'))).toEqual([
      expect.stringMatching(/^warning server\.max_connections is 1000, .* only 1299 .* Raise the limit to 1300/),
    ]);
  });
});
