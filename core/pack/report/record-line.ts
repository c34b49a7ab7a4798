/** One thing that was done, as a line of the report. `seq` leads back to the transcript. */
export interface RecordLine {
  readonly seq: number;
  readonly at: string;
  readonly who: string;
  readonly text: string;
  readonly isAlarming: boolean;
}
