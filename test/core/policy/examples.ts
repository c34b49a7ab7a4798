import type { PolicyForm } from '../../../core/policy/form';
import { FORM, role } from './samples';

/** The forms the files of resources/key-policies are made from, by file name. */
export const EXAMPLES: Readonly<Record<string, PolicyForm>> = {
  'ceremony.json': FORM,
  'multi-region.json': {
    ...FORM,
    expiration: { model: 'expires', validTo: '2027-12-31T23:59:59Z' },
    replicaRegions: ['eu-west-1', 'us-east-1'],
  },
  'service-only.json': {
    ...FORM,
    usersVia: { services: ['s3', 'ec2'], regions: ['eu-central-1'] },
    users: [role('App'), role('Backup')],
    deletionOfMaterial: [],
  },
};
