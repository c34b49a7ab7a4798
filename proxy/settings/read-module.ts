import { basename } from 'node:path';
import { needed, refuseTwice, samplePath, type Reading } from './reading';

const MODULE = 'pkcs11.PKCS11_HSM_MODULE';

/** pkcs11-logger stands between us and the module and writes down calls; the sample's files have it in the module's place. */
function behindLogger(reading: Reading, module: string | undefined): string | undefined {
  const { form, env, remarks } = reading;
  if (form.pkcs11_logger === undefined) return module;
  const library = env['PKCS11_LOGGER_LIBRARY_PATH'] ?? form.pkcs11_logger.PKCS11_LOGGER_LIBRARY_PATH;
  const isLogger = module !== undefined && basename(module).startsWith('pkcs11-logger');
  const real = isLogger && library !== undefined && library !== '' ? library : module;
  const problem = real === module ? 'has no effect' : `has no effect; the module behind the logger is used: ${real ?? ''}`;
  remarks.warning(
    'pkcs11_logger',
    problem,
    'Take it out: it writes PINs and data to a file. Set [log] level = "debug" to see calls and their return values.',
  );
  return real;
}

/** The sample lets the environment overrule its file. */
function sampleModule(reading: Reading): string | undefined {
  const { form, env, remarks } = reading;
  const override = env['PKCS11_HSM_MODULE'];
  if (form.pkcs11 !== undefined && override) {
    remarks.warning(MODULE, `is overruled by $PKCS11_HSM_MODULE: ${override}`, 'Write [hsm] module: it cannot be overruled.');
  }
  const given = form.pkcs11 === undefined ? undefined : override || form.pkcs11.PKCS11_HSM_MODULE;
  return samplePath(reading, MODULE, behindLogger(reading, given));
}

/** The path of the PKCS#11 module: ours, the environment's, or the sample's, in this order. */
export function readModule(reading: Reading): string {
  const { form, remarks } = reading;
  const ours = form.hsm?.module;
  if (ours !== undefined && form.pkcs11?.PKCS11_HSM_MODULE !== undefined) refuseTwice(reading, 'hsm.module', MODULE);
  const module = ours ?? sampleModule(reading);
  if (remarks.isWrong(MODULE)) return module ?? '';
  return needed(reading, 'hsm.module', module, '', 'Write the whole path of the PKCS#11 module that came with the HSM.');
}
