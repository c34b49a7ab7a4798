import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, success, type Result } from '../../contract/result';
import type { Check, Outcome, ShowBlock } from '../../keys/evidence';
import { readSmallFile } from '../../pack/small-file';
import { checkChain, publicRoots, type ChainReport } from '../../tls/check-chain';
import { issueForRehearsal, rehearsalAuthority } from '../../tls/rehearsal-authority';
import { certificateRequest } from '../../tls/request';
import { makeServerKey } from '../../tls/server-key';
import { check, facts, outcome, type Act, type ActContext } from './act';
import { ownArtefact } from './own-artefact';
import { keepPrivately } from './private-file';
import { preparedPlace, type ProxyPlace } from './proxy-place';
import { storePlan } from './store-plan';

/** File on the BACK medium: the certificate of the proxy, then each that signed the one before. */
const CHAIN_FILE = 'certificate.pem';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The private key into a file of this user, and the request for a certificate into the evidence. */
export const tlsRequest: Act = async (context) => {
  const place = preparedPlace(context);
  const { host } = storePlan(context.state);
  const key = await makeServerKey();
  try {
    const request = certificateRequest({ key: key.pem, host });
    if (!request.ok) return request;
    const kept = await keepPrivately(place.tls, 'key.pem', key.pem);
    if (!kept.ok) return kept;
    const { publicKeySha256, pem } = request.value;
    return success(
      outcome({
        data: { host, publicKeySha256 },
        checks: [check('CER-TLS-REQUEST', publicKeySha256 === key.publicKeySha256, key.publicKeySha256, publicKeySha256)],
        show: [
          facts('Certificate request', [
            ['Name', host, true],
            ['Key', `RSA, ${key.bits} bits; in a file that only this user can read`],
            ['SHA-256 of the public key', publicKeySha256, true],
          ]),
          { kind: 'code', title: 'Request for the authority', text: pem },
        ],
        artefacts: [{ name: 'certificate-request.pem', bytes: bytes(pem) }],
      }),
    );
  } finally {
    key.pem.fill(0);
  }
};

/** An authority that exists for this moment signs the request: everything as with a public one, and worth nothing outside. */
export const tlsPracticeCertificate: Act = async (context) => {
  if (context.state.runMode !== 'rehearsal') return failure('policy.rehearsalOnly');
  const request = await ownArtefact(context, 'tls.request');
  if (!request.ok) return request;
  const place = preparedPlace(context);
  const now = context.now();
  const authority = await rehearsalAuthority({ now });
  const { host } = storePlan(context.state);
  const issued = issueForRehearsal(authority, { requestPem: new TextDecoder().decode(request.value), host, now, flaw: null });
  authority.issuingKey.fill(0);
  if (!issued.ok) return issued;
  const kept = await keepPrivately(place.tls, 'authority.pem', bytes(authority.rootPem));
  return kept.ok ? takeIn(context, place, issued.value.chainPem, [authority.rootPem]) : kept;
};

/** The chain that an authority gave, from the BACK medium, held against what AWS KMS will check. */
export const tlsReadCertificate: Act = async (context) => {
  const medium = await context.medium('back');
  if (!medium.ok) return medium;
  const place = preparedPlace(context);
  const path = join(medium.value, CHAIN_FILE);
  const found = await readSmallFile(path).catch(() => null);
  if (found?.kind !== 'text') return failure('file.notFound', { file: CHAIN_FILE });
  return takeIn(context, place, found.text, context.standIns?.publicRoots ?? publicRoots());
};

async function takeIn(
  context: ActContext,
  place: ProxyPlace,
  chainPem: string,
  roots: readonly string[],
): Promise<Result<Outcome>> {
  const made = context.state.data['tls.request'];
  const publicKeySha256 = typeof made?.['publicKeySha256'] === 'string' ? made['publicKeySha256'] : '';
  const report = checkChain({ chainPem, host: storePlan(context.state).host, roots, now: context.now(), publicKeySha256 });
  const kept = await keepPrivately(place.tls, 'certificate.pem', bytes(chainPem));
  if (!kept.ok) return kept;
  return success(
    outcome({
      data: { validTo: report.certificate?.validTo ?? '', sha256: report.certificate?.sha256 ?? '' },
      checks: report.checks.map((one): Check => ({ ...one, rule: `CER-${one.rule}` })),
      show: shown(report),
      artefacts: [{ name: 'certificate.pem', bytes: bytes(chainPem) }],
    }),
  );
}

function shown({ certificate, toConfirm }: ChainReport): ShowBlock[] {
  const rows: ShowBlock[] =
    certificate === null
      ? []
      : [
          facts('The certificate', [
            ['Name', certificate.commonName, true],
            ['Alternative names', certificate.names, true],
            ['Issued by', certificate.issuer],
            ['Root', certificate.root],
            ['Valid', `${certificate.validFrom} to ${certificate.validTo}, ${certificate.daysLeft} days left`],
            ['SHA-256', certificate.sha256, true],
          ]),
        ];
  const asked: ShowBlock = {
    kind: 'table',
    title: 'What only people can confirm',
    columns: ['Question', 'Found'],
    rows: toConfirm.map(({ what, got }) => [what, got]),
    empty: 'Nothing.',
  };
  return [...rows, asked];
}

/** End of the certificate that was taken in, ISO 8601 UTC; '' before. */
export function certificateEnd({ state }: Pick<ActContext, 'state'>): string {
  const taken = state.data['tls.practiceCertificate'] ?? state.data['tls.readCertificate'];
  const end = taken?.['validTo'];
  return typeof end === 'string' ? end : '';
}

/** The root that a proxy here is trusted by; '' where there is none. */
export async function practiceRoot(place: ProxyPlace): Promise<string> {
  return readFile(place.authority, 'utf8').catch(() => '');
}
