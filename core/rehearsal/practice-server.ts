import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Script } from '../ceremony/script';
import { plannedSteps, type Inputs } from '../ceremony/variant';
import type { CeremonyView } from '../ceremony/view-model';
import type { Result } from '../contract/result';
import type { StationGround } from '../station/port';
import type { StationProxy } from '../station/proxy-port';

/** Facts that people bring about at the hosts, as the scripts name them. */
const RESTARTED = 'hosts.restarted';
const ARMED = 'proxy.armed';
/** As its log comes in; a host of a fleet has a name of its own. */
const HOST = 'practice-server';

/** Does this script let people act at servers that are there already? One that sets them up has none to play with. */
export function isAtServers(script: Script): boolean {
  const verbs = script.acts.flatMap(({ steps }) => steps.flatMap(({ do: it }) => (it.action === 'act' ? [it.verb] : [])));
  return verbs.includes('servers.planArm') && !verbs.includes('proxy.export');
}

/** What people do at a server while the station waits for them. */
export interface ServerHands {
  /** what a step wants done before it is ticked or carried out */
  readonly before: (view: CeremonyView) => Promise<void>;
  /** pulls the switch when the act that uses the key says so */
  readonly onChange: (view: CeremonyView | null) => void;
}

/** The proxy of a rehearsal plays the one server of a drill: its switch and its audit folder are all that is used of it. */
export function practiceServer(
  script: Script,
  inputs: Inputs,
  mediumFolder: StationGround['mediumFolder'],
  proxy: StationProxy,
): ServerHands {
  const steps = new Map(plannedSteps(script, inputs).map(({ step }) => [step.id, step]));
  const done = new Set<string>();
  let pulling: Promise<unknown> = Promise.resolve();

  async function copyLog({ ceremonyId }: CeremonyView): Promise<void> {
    const medium = must(await mediumFolder({ which: 'back', round: 0, runMode: 'rehearsal', ceremonyId }));
    const folder = must(await proxy.folder());
    const copy = join(medium, 'servers', HOST);
    await rm(copy, { recursive: true, force: true });
    await cp(join(folder, 'audit'), copy, { recursive: true });
  }

  return {
    async before(view) {
      const step = steps.get(view.step?.id ?? '');
      if (step === undefined || view.phase !== 'running' || done.has(step.id)) return;
      if (step.do.action === 'confirm' && step.effects.includes(RESTARTED)) {
        await pulling;
        must(await proxy.crash());
      } else if (step.do.action === 'confirm' && step.effects.includes(ARMED)) {
        must(await proxy.ask({ verb: 'arm', act: { who: 'rehearsal', why: view.ceremonyId } }));
      } else if (step.do.action === 'act' && step.do.verb === 'servers.readLogs') {
        await copyLog(view);
      } else return;
      done.add(step.id);
    },
    onChange(view) {
      const form = view?.step?.do.form;
      if (view === null || form?.kind !== 'act' || form.verb !== 'servers.untilRefused' || form.progress === '') return;
      if (done.has(form.verb)) return;
      done.add(form.verb);
      pulling = proxy.kill({ who: 'rehearsal', why: view.ceremonyId });
    },
  };
}

/** What a rehearsal cannot do at its own server ends it: with a fault of ours, not with one of the ceremony. */
function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`The practice server: ${result.error.code}`);
  return result.value;
}
