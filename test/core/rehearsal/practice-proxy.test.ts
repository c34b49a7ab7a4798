import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { practiceProxyAt } from '../../../core/rehearsal/practice-proxy';
import { planOf } from '../deployment/plans';

const HOST = 'https://xks.example.com';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyrite-practice-proxy-'));
  await mkdir(join(folder, 'tls'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const setUp = (text: string) => writeFile(join(folder, 'plan.json'), text);
const HERE = planOf({ listen: { ip: '127.0.0.1', port: 4711 } });

describe('where the rehearsal KMS finds the proxy of a station', () => {
  it('is what the plan of the station says, under the practice authority', async () => {
    const proxyAt = practiceProxyAt(folder);
    expect(proxyAt(HOST), 'nothing is set up yet').toBeNull();
    await setUp(JSON.stringify(HERE));
    expect(proxyAt(HOST)).toEqual({ host: '127.0.0.1', port: 4711, ca: null });
    await writeFile(join(folder, 'tls', 'authority.pem'), 'the root');
    expect(proxyAt(HOST)).toEqual({ host: '127.0.0.1', port: 4711, ca: 'the root' });
  });

  it('is asked anew each time: a proxy that was set up again has another port', async () => {
    const proxyAt = practiceProxyAt(folder);
    await setUp(JSON.stringify(HERE));
    expect(proxyAt(HOST)?.port).toBe(4711);
    await setUp(JSON.stringify(planOf({ listen: { ip: '127.0.0.1', port: 4712 } })));
    expect(proxyAt(HOST)?.port).toBe(4712);
  });

  it.each([`${HOST}.evil.example`, 'http://xks.example.com', `${HOST}:443`, `${HOST}/`, 'https://other.example.com', ''])(
    'is nowhere for another endpoint: %s',
    async (endpoint) => {
      await setUp(JSON.stringify(HERE));
      expect(practiceProxyAt(folder)(endpoint)).toBeNull();
    },
  );

  it.each([
    ['no JSON', '{'],
    ['JSON that is no plan', '{"endpointHost":"xks.example.com","listen":{"ip":"127.0.0.1","port":1}}'],
    ['nothing', ''],
    ['null', 'null'],
  ])('is nowhere where the plan is %s', async (_, text) => {
    await setUp(text);
    expect(practiceProxyAt(folder)(HOST)).toBeNull();
  });

  it.skipIf(process.platform === 'win32')('is nowhere where the plan is a link to another file', async () => {
    const other = join(folder, 'other.json');
    await writeFile(other, JSON.stringify(HERE));
    await symlink(other, join(folder, 'plan.json'));
    expect(practiceProxyAt(folder)(HOST)).toBeNull();
  });
});
