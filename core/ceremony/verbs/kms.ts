import { verb, type VerbFacts } from '../verb-facts';

/** Acts on KMS keys and their imported material. */
export const KMS_VERBS = {
  'aws.identify': verb('Ask AWS who is calling', { effects: ['aws.identified'] }),
  'aws.planPolicy': verb('Show who may do what with the KMS key', {
    requires: ['aws.identified'],
    effects: ['keyPolicy.written'],
  }),
  'aws.putPolicy': verb('Put the key policy in force', {
    requires: ['kmsKey.exists', 'keyPolicy.approved'],
    effects: ['keyPolicy.put'],
  }),
  'aws.planKey': verb('Write out what AWS will be asked for', {
    requires: ['keyPolicy.approved'],
    effects: ['kmsKey.written'],
  }),
  'aws.createKey': verb('Create the KMS key', { once: true, requires: ['kmsKey.approved'], effects: ['kmsKey.exists'] }),
  'aws.findKey': verb('Look at the KMS key that exists', { requires: ['aws.identified'], effects: ['kmsKey.exists'] }),
  'aws.replicate': verb('Replicate the KMS key', {
    once: true,
    requires: ['material.imported'],
    effects: ['replicas.exist'],
  }),
  'aws.parameters': verb('Fetch wrapping keys and import tokens', {
    requires: ['kmsKey.exists'],
    effects: ['sets.fetched'],
  }),
  'aws.planImport': verb('Write out the import', { requires: ['back.read'], effects: ['import.written'] }),
  'aws.import': verb('Import the key material', {
    once: true,
    requires: ['import.approved'],
    effects: ['material.imported'],
  }),
  'aws.importReplicas': verb('Import the key material into each replica', {
    requires: ['import.approved', 'replicas.exist'],
    effects: ['replicas.imported'],
  }),
  'aws.prove': verb('Prove what can be proven', { requires: ['material.imported'], effects: ['import.proven'] }),
  'aws.alias': verb('Give the KMS key its alias', { requires: ['kmsKey.exists'], effects: ['alias.set'] }),
  'aws.planRotation': verb('Write out the rotation', { requires: ['material.imported'], effects: ['rotation.written'] }),
  'aws.rotate': verb('Make the new material the current one', {
    once: true,
    requires: ['rotation.approved'],
    effects: ['material.rotated'],
  }),
  'aws.planDisable': verb('Show what stops with the KMS key', {
    requires: ['aws.identified'],
    effects: ['kmsKey.written'],
  }),
  'aws.disableKey': verb('Disable the KMS key', { requires: ['kmsKey.approved'], effects: ['kmsKey.disabled'] }),
  'aws.enableKey': verb('Enable the KMS key', { requires: ['kmsKey.approved'], effects: ['kmsKey.enabled'] }),
  'destroy.plan': verb('Show what depends on the key', { effects: ['destruction.written'] }),
  'aws.deleteMaterial': verb('Delete the imported material', {
    once: true,
    requires: ['destruction.approved'],
    effects: ['material.deleted'],
  }),
  'aws.scheduleDeletion': verb('Schedule the deletion of the KMS key', {
    once: true,
    requires: ['destruction.approved'],
    effects: ['deletion.scheduled'],
  }),
  'destroy.certify': verb('Write the certificate of destruction', {
    requires: ['destruction.approved'],
    effects: ['destruction.certified'],
  }),
} as const satisfies Record<string, VerbFacts>;
