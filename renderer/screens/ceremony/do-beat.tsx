import type { ReactElement } from 'react';
import type { CeremonyView, DoForm, StepView } from '../../../core/ceremony/view-model';
import { text } from '../../text/text';
import { Act } from './forms/act';
import { Approve } from './forms/approve';
import { Attendance } from './forms/attendance';
import { Choose } from './forms/choose';
import { Compare } from './forms/compare';
import { Confirm } from './forms/confirm';
import { EnterTwice } from './forms/enter-twice';
import { SignOff } from './forms/sign-off';

interface DoBeatProps {
  readonly view: CeremonyView;
  readonly step: StepView;
  readonly form: DoForm;
}

/** One form for each kind of DO; a new kind does not compile until it is drawn here. */
export function DoBeat({ view, step, form }: DoBeatProps): ReactElement | null {
  switch (form.kind) {
    case 'none':
      return <p>{text.beat.nothingToDo}</p>;
    case 'confirm':
      return <Confirm step={step} form={form} />;
    case 'choose':
      return <Choose step={step} form={form} />;
    case 'enterTwice':
      return <EnterTwice step={step} form={form} />;
    case 'compare':
      return <Compare step={step} form={form} />;
    case 'attendance':
      return <Attendance runMode={view.runMode} form={form} />;
    case 'approve':
      return <Approve runMode={view.runMode} step={step} form={form} />;
    case 'act':
      return <Act runMode={view.runMode} step={step} form={form} />;
    case 'signOff':
      return view.signOff === null ? null : <SignOff view={view} signOff={view.signOff} />;
  }
}
