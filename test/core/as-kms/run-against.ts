import { ALL_CASES } from '../../../core/as-kms/cases/all';
import { readEndpoint, type Endpoint } from '../../../core/as-kms/endpoint';
import { testProxy, type ProxyTest, type ProxyTestReport } from '../../../core/as-kms/proxy-test';
import { chosenCases } from '../../../core/as-kms/run-cases';
import type { Outcome } from '../../../core/as-kms/judgement';
import { CREDENTIAL, KEY_ID, PREFIX, REGION } from './reference-proxy';

export function endpointOf(url: string): Endpoint {
  const read = readEndpoint(url, true);
  if (!read.ok) throw new Error(read.problem);
  return read.value;
}

/** Far above KMS's 250 ms: the machine that runs the tests may be busy, and only what hangs shall time out. */
export const PATIENT_MS = 15_000;

export function testOf(url: string, change: Partial<ProxyTest> = {}): ProxyTest {
  return {
    store: { endpoint: endpointOf(url), prefix: PREFIX, signer: { credential: CREDENTIAL, region: REGION } },
    keyId: KEY_ID,
    tls: {},
    who: {},
    cases: chosenCases(ALL_CASES, []) ?? [],
    latencySeconds: 0,
    rate: 50,
    timeoutMs: PATIENT_MS,
    ...change,
  };
}

export function run(test: ProxyTest): Promise<ProxyTestReport> {
  return testProxy(test, new AbortController().signal);
}

/** Names of the cases that ended so. */
export function named({ cases }: ProxyTestReport, outcome: Outcome): string[] {
  return cases.filter((finding) => finding.outcome === outcome).map(({ name }) => name);
}
