import type { ReactElement } from 'react';
import type { TokenReport } from '../../../core/contract/token-values';
import { Facts } from '../../parts/facts';
import { inGroups } from '../../parts/in-groups';
import { text } from '../../text/text';

/** C_GetTokenInfo, in words. */
export function ChosenToken({ token }: { readonly token: TokenReport }): ReactElement {
  const words = text.settings;
  const yesNo = (value: boolean): string => (value ? words.yes : words.no);
  const memory = token.freePrivateMemory ?? token.freePublicMemory;
  return (
    <>
      <h3>{words.tokenReport}</h3>
      <Facts
        facts={[
          { name: text.stage.label, value: token.initialised ? token.label : words.blank },
          { name: text.stage.serial, value: inGroups(token.serial), mono: true },
          { name: words.library, value: `${token.manufacturer} ${token.model}` },
          { name: words.firmware, value: `${token.firmware} (${token.hardware})` },
          { name: words.userPin, value: token.userPinSet ? text.pinStates[token.userPin] : words.notSet },
          { name: words.soPin, value: text.pinStates[token.soPin] },
          { name: words.writeProtected, value: yesNo(token.writeProtected) },
          { name: words.ownPad, value: yesNo(token.protectedAuthenticationPath) },
          { name: words.free, value: memory === null ? words.unknown : words.bytes(memory) },
        ]}
      />
    </>
  );
}
