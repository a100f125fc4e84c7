export type { AuditLog, AuditRecord } from './AuditLog.ts';
export { auditHandlers } from './auditHandlers.ts';
export { auditRooms } from './auditRooms.ts';
export { auditRecordsOf } from './auditRecordOf.ts';
export { AuditStore } from './AuditStore.ts';
export { DatabaseAuditLog } from './DatabaseAuditLog.ts';
export { routeAudit } from './routeAudit.ts';
export type { RouteAudit } from './routeAudit.ts';
