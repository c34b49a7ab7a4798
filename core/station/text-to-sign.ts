import type { SignCommand } from '../ceremony/command';
import { currentStep } from '../ceremony/current-step';
import type { Script } from '../ceremony/script';
import type { CeremonyState } from '../ceremony/state';
import { failure, success, type Result } from '../contract/result';
import { approvalText, attendanceText, transcriptText } from '../evidence/signed-text';

/** What the person saw is what is signed: a digest or head that moved meanwhile is refused before the credential is touched. */
export function textToSign(
  script: Script,
  state: CeremonyState,
  command: Exclude<SignCommand, { type: 'dissent' }>,
): Result<string> {
  const { genesis, head, values } = state;
  switch (command.type) {
    case 'signIn':
      return success(attendanceText(genesis.hash, command.seat));
    case 'approve': {
      const step = currentStep(script, state);
      if (step?.do.action !== 'approve' || step.id !== command.step)
        return failure('ceremony.wrongStep', { step: command.step, current: step?.id ?? '' });
      if (values[`${step.do.subject}.digest`] !== command.digest) return failure('ceremony.differs', { what: step.do.subject });
      return success(approvalText(genesis.hash, step.do.gate, command.digest));
    }
    case 'sign':
      return command.head === head ? success(transcriptText(head)) : failure('ceremony.differs', { what: 'head' });
  }
}
