import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ActResult, CeremonyState } from '../../../core/ceremony/state';
import type { VerbName } from '../../../core/ceremony/verbs';
import { failure, success, type Result } from '../../../core/contract/result';
import type { Outcome } from '../../../core/keys/evidence';
import { asResult } from '../../../core/station/act-result';
import type { Act, ActContext } from '../../../core/station/acts/act';
import { openCalendar } from '../../../core/station/calendar';
import { RESOURCES } from './stage';

/** Inputs of a key store whose proxy runs on servers. */
export const STORE_INPUTS = {
  ...{
    place: 'server',
    fleetSize: '2',
    connectivity: 'public',
    storeName: 'payments',
    uriPrefix: '/payments',
    proxyHost: 'xks.example.com',
  },
  ...{ keyLabel: 'xks-root-1', healthLabel: 'keyrite-health', vpcServiceName: 'none', vpcServiceOwner: 'none' },
  ...{ allowedPrincipal: 'arn:aws:iam::000000000000:user/ada', refusedPrincipal: 'arn:aws:iam::000000000000:user/snape' },
  ...{ awsAccount: '000000000000', awsRegion: 'eu-central-1', awsPrincipal: 'arn:aws:iam::000000000000:user/ada' },
} as const;

/** Acts without their engine: each is done on a real disk, and what came of it is known to the next. */
export interface ActRecord {
  readonly folder: string;
  readonly privateFolder: string;
  readonly media: (which: 'out' | 'back') => string;
  readonly context: () => ActContext;
  /** does the act and records its result */
  readonly done: (verb: VerbName, act: Act) => Promise<Result<Outcome>>;
  /** takes something as the result of an earlier act */
  readonly known: (verb: VerbName, data: ActResult['data']) => void;
  readonly remove: () => Promise<void>;
}

export async function actRecord(inputs: Readonly<Record<string, string>>, changed: Partial<ActContext> = {}): Promise<ActRecord> {
  const folder = await mkdtemp(join(tmpdir(), 'keyrite-acts-'));
  const [packFolder, privateFolder] = [join(folder, 'pack'), join(folder, 'private')];
  const media = (which: 'out' | 'back') => join(folder, 'media', which);
  for (const path of [join(packFolder, 'artefacts'), media('out'), media('back')]) await mkdir(path, { recursive: true });
  const record: Pick<CeremonyState, 'data' | 'values' | 'artefacts'> = { data: {}, values: {}, artefacts: {} };
  const take = (verb: VerbName, { data, values, artefacts }: Pick<ActResult, 'data' | 'values' | 'artefacts'>): void => {
    Object.assign(record.data, { [verb]: data });
    Object.assign(record.values, values);
    Object.assign(record.artefacts, { [verb]: artefacts });
  };
  const token = { profile: 'softhsm', modulePath: '/usr/lib/softhsm/libsofthsm2.so', serial: '0123456789abcdef', label: 'hsm' };
  const state = {
    ...record,
    genesis: { at: '2026-11-28T08:00:00.000Z', data: { ceremonyId: 'xks-store-1', inputs, token } },
    token: { serial: token.serial, label: token.label },
    runMode: 'rehearsal',
  } as unknown as CeremonyState;
  const context = (): ActContext =>
    ({
      state,
      packFolder,
      privateFolder,
      templatesFolder: join(RESOURCES, 'templates'),
      medium: (which: 'out' | 'back') => Promise.resolve(success(media(which))),
      proxy: null,
      tell: () => undefined,
      signal: new AbortController().signal,
      kms: () => Promise.resolve(failure('aws.noCredentials')),
      calendar: openCalendar(join(folder, 'calendar.json')),
      now: () => new Date(),
      ...changed,
    }) as unknown as ActContext;
  return {
    ...{ folder, privateFolder, media, context },
    known: (verb, data) => take(verb, { data, values: {}, artefacts: [] }),
    async done(verb, act) {
      const came = await act(context());
      const result = await asResult(packFolder, { operation: verb, tookMs: 0 }, came);
      if (result.ok) take(verb, result);
      return came;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Rules of the checks that failed. */
export function failedRules(done: Result<Outcome>): readonly string[] {
  if (!done.ok) throw new Error(`${done.error.code} ${JSON.stringify(done.error.detail)}`);
  return done.value.checks.filter(({ ok }) => !ok).map(({ rule }) => rule);
}
