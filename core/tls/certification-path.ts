import type { X509Certificate } from 'node:crypto';

/** Did `issuer` sign `certificate`, and was it allowed to? Names, key identifiers and usage are compared, then the signature is checked. */
export function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

export function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.checkIssued(certificate) && certificate.verify(certificate.publicKey);
}

export function isValidAt({ validFrom, validTo }: X509Certificate, now: Date): boolean {
  return now >= new Date(validFrom) && now <= new Date(validTo);
}

/** How the server's certificate leads to a root. */
export interface Path {
  /** the server's own, then each that signed the one before; without the root */
  readonly links: readonly X509Certificate[];
  /** null: none of the trusted roots signed the last link */
  readonly root: X509Certificate | null;
}

function rootOf(link: X509Certificate, roots: readonly X509Certificate[], now: Date): X509Certificate | undefined {
  return roots.find((root) => isValidAt(root, now) && isIssuedBy(link, root));
}

/**
 * Looks for a way from the first certificate to a trusted root through the others, in whatever order they stand. Nothing is fetched:
 * what the server does not send, AWS KMS does not have.
 */
export function pathOf(chain: readonly X509Certificate[], roots: readonly X509Certificate[], now: Date): Path {
  const [own, ...others] = chain;
  const links = own === undefined ? [] : [own];
  for (;;) {
    const last = links.at(-1);
    if (last === undefined) return { links, root: null };
    const root = rootOf(last, roots, now);
    if (root !== undefined) return { links, root };
    const next = others.find((each) => !links.includes(each) && isIssuedBy(last, each));
    if (next === undefined) return { links, root: null };
    links.push(next);
  }
}

/** The first place where a certificate is not followed by the one that signed it; null: there is none. */
export function breakIn(chain: readonly X509Certificate[]): number | null {
  const at = chain.findIndex((certificate, i) => {
    const next = chain[i + 1];
    return next !== undefined && !isIssuedBy(certificate, next);
  });
  return at < 0 ? null : at;
}
