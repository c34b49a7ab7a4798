import type { VerbName } from '../../ceremony/verbs';
import type { Act } from './act';
import { awsAlias, awsCreateKey, awsFindKey } from './aws-create-key';
import { awsDeleteMaterial, awsScheduleDeletion } from './aws-destroy';
import { awsIdentify } from './aws-identify';
import { awsImport, awsImportReplicas, awsPlanImport } from './aws-import';
import { awsParameters } from './aws-parameters';
import { awsPlanKey, awsPlanPolicy } from './aws-plan';
import { awsPutPolicy } from './aws-put-policy';
import { awsProve } from './aws-prove';
import { awsReplicate } from './aws-replicate';
import { awsPlanRotation, awsRotate } from './aws-rotate';
import { bundlePrepareBack, bundleReadBack } from './bundle-back';
import { rereadFrom, writeOnto } from './bundle-medium';
import { bundlePrepareOut, bundleReadOut } from './bundle-out';
import { calendarEnter } from './calendar-enter';
import { destroyCertify } from './destroy-certify';
import { destroyPlan } from './destroy-plan';
import { awsDisableKey, awsEnableKey, awsPlanDisable } from './kms-disable';
import { awsConnectStore, awsDisconnectStore } from './store-connect';
import { awsCreateStore, awsFindStore, awsFindStoreKey, awsPlanStore } from './store-create';
import { awsPlanCredential, awsUpdateStore, proxyQuietCredential } from './store-credential';
import { serversGenerations, storeAfter, storeBefore } from './store-generations';
import { awsDeleteStore, awsPlanDisconnect, storePlanRetire, storeScheduleKeys } from './store-retire';
import { proxyPlanChange } from './proxy-change';
import { proxyLook } from './proxy-look';
import { proxyForgetSecrets } from './proxy-forget-secrets';
import { proxyReload } from './proxy-reload';
import { awsCreateStoreKey, awsPlanStoreKey } from './store-key';
import { awsProveStore } from './store-prove';
import { awsLookAtService } from './store-service';
import { drillBaseline, drillCrash, drillKill, drillRestarted } from './drill-kill';
import { drillPlan } from './drill-plan';
import { drillReconcile, drillRestored } from './drill-restore';
import { serversPlanArm, serversSeeArmed } from './servers-arm';
import { serversExport } from './servers-export';
import { serversJoin } from './servers-join';
import { serversReadLogs } from './servers-logs';
import { serversReadSettings } from './servers-settings';
import { serversMeasure } from './servers-measure';
import { serversPlanDrill } from './servers-plan';
import { serversReconcile } from './servers-reconcile';
import { serversStillRefused, serversUntilRefused } from './servers-uses';
import { withProxy } from './needs-proxy';
import { proxyArm, proxyPlanArm } from './proxy-arm';
import { proxyConsoleFile } from './proxy-console-file';
import { proxyCredential } from './proxy-credential';
import { proxyExport } from './proxy-export';
import { proxyLatency, proxyRefuseCaller, proxySelfTest } from './proxy-self-test';
import { proxyInstall } from './proxy-install';
import { proxyPlan } from './proxy-settings';
import { proxyStart } from './proxy-start';
import { storeAlarms } from './store-alarms';
import { drillCalendar, storeCalendar } from './store-calendar';
import { tlsPracticeCertificate, tlsReadCertificate, tlsRequest } from './tls-certificate';
import { tokenHealthKey } from './token-health-key';
import { stationPreflight } from './station-preflight';
import { tokenDestroy, tokenGenerate } from './token-generate';
import { tokenInitialise, tokenSetUserPin } from './token-initialise';
import { inventoryAfter, inventoryBefore } from './token-inventory';
import { tokenLocate } from './token-locate';
import { tokenLogin, tokenLoginSo, tokenLogout } from './token-login';
import { tokenOpen } from './token-open';
import { tokenPlan, tokenPreflight } from './token-plan';
import { functionalTest, negativeTests, secondSession, tokenCheckValue, tokenReadBack } from './token-read-back';
import { tokenRefusesUntrusted, tokenRemoveWrappingKey, tokenTrialWrap, tokenTrustWrappingKey, tokenWrap } from './token-wrap';

/** Every verb of the scripts and what it does in the world. */
export const ACTS: Readonly<Record<VerbName, Act>> = {
  'station.preflight': stationPreflight,
  'token.open': tokenOpen,
  'token.initialise': tokenInitialise,
  'token.setUserPin': tokenSetUserPin,
  'token.loginSo': tokenLoginSo,
  'token.login': tokenLogin,
  'token.logout': tokenLogout,
  'token.preflight': tokenPreflight,
  'token.inventoryBefore': inventoryBefore,
  'token.plan': tokenPlan,
  'token.generate': tokenGenerate,
  'token.readBack': tokenReadBack,
  'token.negativeTests': negativeTests,
  'token.checkValue': tokenCheckValue,
  'token.secondSession': secondSession,
  'token.functionalTest': functionalTest,
  'token.inventoryAfter': inventoryAfter,
  'token.destroy': tokenDestroy,
  'token.locate': tokenLocate,
  'token.trialWrap': tokenTrialWrap,
  'token.refusesUntrusted': tokenRefusesUntrusted,
  'token.trustWrappingKey': tokenTrustWrappingKey,
  'token.wrap': tokenWrap,
  'token.removeWrappingKey': tokenRemoveWrappingKey,
  'aws.identify': awsIdentify,
  'aws.planPolicy': awsPlanPolicy,
  'aws.putPolicy': awsPutPolicy,
  'aws.planKey': awsPlanKey,
  'aws.createKey': awsCreateKey,
  'aws.findKey': awsFindKey,
  'aws.replicate': awsReplicate,
  'aws.parameters': awsParameters,
  'bundle.prepareOut': bundlePrepareOut,
  'bundle.writeOut': writeOnto('out'),
  'bundle.rereadOut': rereadFrom('out'),
  'bundle.readOut': bundleReadOut,
  'bundle.prepareBack': bundlePrepareBack,
  'bundle.writeBack': writeOnto('back'),
  'bundle.rereadBack': rereadFrom('back'),
  'bundle.readBack': bundleReadBack,
  'aws.planImport': awsPlanImport,
  'aws.import': awsImport,
  'aws.importReplicas': awsImportReplicas,
  'aws.prove': awsProve,
  'aws.alias': awsAlias,
  'aws.planRotation': awsPlanRotation,
  'aws.rotate': awsRotate,
  'aws.planDisable': awsPlanDisable,
  'aws.disableKey': awsDisableKey,
  'aws.enableKey': awsEnableKey,
  'calendar.enter': calendarEnter,
  'destroy.plan': destroyPlan,
  'aws.deleteMaterial': awsDeleteMaterial,
  'aws.scheduleDeletion': awsScheduleDeletion,
  'destroy.certify': destroyCertify,
  'token.healthKey': tokenHealthKey,
  'proxy.credential': proxyCredential,
  'tls.request': tlsRequest,
  'tls.practiceCertificate': tlsPracticeCertificate,
  'tls.readCertificate': tlsReadCertificate,
  'proxy.plan': proxyPlan,
  'proxy.install': proxyInstall,
  'proxy.export': proxyExport,
  'proxy.start': proxyStart,
  'proxy.selfTest': withProxy(proxySelfTest),
  'proxy.latency': withProxy(proxyLatency),
  'proxy.refuseCaller': withProxy(proxyRefuseCaller),
  'proxy.consoleFile': proxyConsoleFile,
  'aws.lookAtService': awsLookAtService,
  'aws.planStore': awsPlanStore,
  'aws.createStore': withProxy(awsCreateStore),
  'aws.connectStore': withProxy(awsConnectStore),
  'aws.planStoreKey': awsPlanStoreKey,
  'aws.createStoreKey': withProxy(awsCreateStoreKey),
  'aws.findStore': awsFindStore,
  'aws.findStoreKey': awsFindStoreKey,
  'aws.proveStore': withProxy(awsProveStore),
  'store.alarms': storeAlarms,
  'store.calendar': storeCalendar,
  'drill.calendar': drillCalendar,
  'drill.plan': withProxy(drillPlan),
  'drill.baseline': withProxy(drillBaseline),
  'drill.kill': withProxy(drillKill),
  'drill.crash': withProxy(drillCrash),
  'drill.restarted': withProxy(drillRestarted),
  'aws.disconnectStore': awsDisconnectStore,
  'proxy.planArm': withProxy(proxyPlanArm),
  'proxy.arm': withProxy(proxyArm),
  'drill.restored': withProxy(drillRestored),
  'drill.reconcile': drillReconcile,
  'servers.readLogs': serversReadLogs,
  'servers.readSettings': serversReadSettings,
  'servers.export': serversExport,
  'servers.join': serversJoin,
  'servers.generations': serversGenerations,
  'servers.planDrill': serversPlanDrill,
  'servers.untilRefused': serversUntilRefused,
  'servers.stillRefused': serversStillRefused,
  'servers.measure': serversMeasure,
  'servers.planArm': serversPlanArm,
  'servers.seeArmed': serversSeeArmed,
  'servers.reconcile': serversReconcile,
  'proxy.look': withProxy(proxyLook),
  'proxy.planChange': proxyPlanChange,
  'proxy.reload': withProxy(proxyReload),
  'aws.planCredential': awsPlanCredential,
  'aws.updateStore': withProxy(awsUpdateStore),
  'proxy.forgetSecrets': proxyForgetSecrets,
  'proxy.quietCredential': withProxy(proxyQuietCredential),
  'store.before': withProxy(storeBefore),
  'store.after': withProxy(storeAfter),
  'aws.planDisconnect': awsPlanDisconnect,
  'store.planRetire': storePlanRetire,
  'store.scheduleKeys': storeScheduleKeys,
  'aws.deleteStore': awsDeleteStore,
};
