const DOMAIN = /\.amazonaws\.com(?:\.cn)?$/;
const REGION = /\.[a-z]{2,}(?:-[a-z]+)+-[0-9]+$/;

/**
 * The short name of a service. The specification's example of kmsViaService is "ebs"; the condition key of the same name has
 * "s3.eu-west-1.amazonaws.com". Only the known domain and a Region are taken away, so "s3.example.org" does not become "s3".
 */
export function shortServiceName(viaService: string): string {
  const name = viaService.toLowerCase();
  return DOMAIN.test(name) ? name.replace(DOMAIN, '').replace(REGION, '') : name;
}
