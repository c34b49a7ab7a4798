import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCedar } from '../../../proxy/authorize/cedar';
import { cedarCall } from '../../../proxy/authorize/model';
import { CREATE_KEY, query, shippedPolicy } from './policy-folder';

const schema = readFileSync(shippedPolicy('xks.cedarschema'), 'utf8');

describe('the model', () => {
  it('leaves out what KMS did not send', () => {
    expect(cedarCall(query(CREATE_KEY), 'set').context).toEqual({ kmsOperation: 'CreateKey' });
    expect(cedarCall(query(), 'set').context).toEqual({
      kmsOperation: 'Encrypt',
      kmsKeyArn: query().kmsKeyArn,
      kmsKeyAccount: '111122223333',
      region: 'eu-west-1',
    });
  });

  it('gives the service in both forms', () => {
    const { context } = cedarCall(query({ via: 'ebs.eu-west-1.amazonaws.com', vpc: 'vpc-1', vpce: 'vpce-1' }), 'set');
    expect(context).toMatchObject({ viaService: 'ebs.eu-west-1.amazonaws.com', service: 'ebs', vpc: 'vpc-1', vpce: 'vpce-1' });
  });

  it('always fits the schema, so that a policy that was validated cannot fail over a request', async () => {
    const cedar = await loadCedar();
    const policies = { staticPolicies: 'permit (principal, action, resource);' };
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.constant(''));
    const api = fc.constantFrom('Encrypt' as const, 'Decrypt' as const, 'GetKeyMetadata' as const);
    fc.assert(
      fc.property(
        fc.record({
          store: text,
          keyId: text,
          kmsKeyArn: text,
          caller: text,
          kmsOperation: text,
          via: text,
          vpc: text,
          vpce: text,
          api,
        }),
        (asked) => {
          const { preparsedPolicySetId: _, ...call } = cedarCall(asked, '');
          const answer = cedar.isAuthorized({ ...call, schema, policies, validateRequest: true });
          expect(answer).toMatchObject({ type: 'success', response: { decision: 'allow', diagnostics: { errors: [] } } });
        },
      ),
      { numRuns: 50 },
    );
  });
});
