import { healthRequest } from '../../core/xks/wire';
import { read, type Endpoint } from './call';

/**
 * GetHealthStatus: what the background proof of the HSM found, a minute old at most. No policy is asked (specification: health is
 * exempt), and it is answered while killed too, with every part UNAVAILABLE.
 */
export const getHealthStatus: Endpoint = async ({ body, parts }) => {
  const request = read(healthRequest, body);
  return request.ok ? { ok: true, value: JSON.stringify(parts.health()) } : request;
};
