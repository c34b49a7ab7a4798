import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { alarmsTemplate, type AlarmsOrder } from '../../../core/deployment/alarms-template';
import { certificateFolder } from '../../proxy/auth/certificates';
import { cfnProblems, parseTemplate } from './cfn-check';

const ORDER: AlarmsOrder = {
  storeId: 'cks-1234567890abcdef0',
  storeName: 'production',
  certificateName: 'xks.example.com',
  rotateCredentialDays: 90,
};

interface Alarm {
  readonly MetricName?: string;
  readonly Metrics?: readonly { readonly Expression: string; readonly Period: number }[];
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
  readonly Period?: number;
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly EvaluationPeriods: number;
  readonly TreatMissingData: string;
  readonly InsufficientDataActions?: unknown;
  readonly AlarmDescription: string;
}

function textOf(differs: Partial<AlarmsOrder> = {}): string {
  const made = alarmsTemplate({ ...ORDER, ...differs });
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  return made.value;
}

function alarms(): Readonly<Record<string, Alarm>> {
  const resources = parseTemplate(textOf())['Resources'] as unknown as Record<string, { readonly Properties: Alarm }>;
  return Object.fromEntries(Object.entries(resources).map(([name, { Properties }]) => [name, Properties]));
}

describe('the alarms of a key store', () => {
  it('are a template in which everything refers to something', () => {
    expect(cfnProblems(textOf())).toEqual([]);
  });

  it('have the thresholds of the AWS KMS Developer Guide', () => {
    const { Latency, RetryableErrors, NonRetryableErrors, CertificateNow } = alarms();
    expect(Latency).toMatchObject({ Threshold: 200, ComparisonOperator: 'GreaterThanThreshold' });
    expect(Latency?.Metrics?.[0]).toMatchObject({
      Expression: `SELECT AVG(XksProxyLatency) FROM "AWS/KMS" WHERE CustomKeyStoreId = 'cks-1234567890abcdef0'`,
      Period: 300,
    });
    for (const [alarm, type] of [
      [RetryableErrors, 'Retryable'],
      [NonRetryableErrors, 'Non-retryable'],
    ] as const) {
      expect(alarm).toMatchObject({ Threshold: 5, ComparisonOperator: 'GreaterThanThreshold' });
      expect(alarm?.Metrics?.[0]?.Expression).toContain(`AND ErrorType = '${type}'`);
      expect(alarm?.Metrics?.[0]?.Period).toBe(60);
    }
    expect(CertificateNow).toMatchObject({
      MetricName: 'XksProxyCertificateDaysToExpire',
      Threshold: 10,
      Period: 300,
      ComparisonOperator: 'LessThanThreshold',
      Dimensions: [
        { Name: 'CustomKeyStoreId', Value: 'cks-1234567890abcdef0' },
        { Name: 'CertificateName', Value: 'xks.example.com' },
      ],
    });
  });

  it('treat silence by what it means, and each says what that is for', () => {
    expect(Object.fromEntries(Object.entries(alarms()).map(([name, { TreatMissingData }]) => [name, TreatMissingData]))).toEqual({
      Latency: 'notBreaching',
      RetryableErrors: 'notBreaching',
      NonRetryableErrors: 'notBreaching',
      Throttled: 'notBreaching',
      CertificateSoon: 'missing',
      CertificateNow: 'ignore',
      CredentialAge: 'ignore',
      Degraded: 'notBreaching',
      Unavailable: 'notBreaching',
      NoneActive: 'breaching',
    });
    expect(
      Object.entries(alarms())
        .filter(([, alarm]) => alarm.InsufficientDataActions !== undefined)
        .map(([name]) => name),
    ).toEqual(['CertificateSoon']);
  });

  it('stay within what CloudWatch takes', () => {
    for (const { Period, Metrics, EvaluationPeriods, AlarmDescription } of Object.values(alarms())) {
      // Alarms look back a day at most; with a query, three hours.
      expect(EvaluationPeriods * (Period ?? Metrics?.[0]?.Period ?? 0)).toBeLessThanOrEqual(Metrics ? 10_800 : 86_400);
      expect(AlarmDescription.length).toBeLessThanOrEqual(1024);
    }
  });

  it.each([
    ['a store id that leaves its quotes', { storeId: "cks-1234567890abcdef0' OR '1'='1" }],
    ['a name with a line end', { storeName: 'a\nb' }],
    ['a certificate name that is none', { certificateName: '*' }],
    ['no policy of rotation', { rotateCredentialDays: 0 }],
  ])('are not made for %s', (_what, differs) => {
    expect(alarmsTemplate({ ...ORDER, ...differs })).toMatchObject({ ok: false, error: { code: 'input.invalid' } });
  });

  it.runIf(spawnSync('cfn-lint', ['--version']).status === 0)(
    'pass cfn-lint',
    () => {
      const file = join(certificateFolder(), 'alarms.yaml');
      writeFileSync(file, textOf());
      expect(spawnSync('cfn-lint', ['--non-zero-exit-code', 'informational', file], { encoding: 'utf8' })).toMatchObject({
        stdout: '',
        status: 0,
      });
    },
    60_000,
  );
});
