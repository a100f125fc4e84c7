export { FencedError } from './FencedError.ts';
export { appendFenced, sealFenced } from './fencedRows.ts';
export type { FencedRow, SealOptions } from './fencedRows.ts';
export type { Lease, LeaseLossReason } from './Lease.ts';
export { LeaseKeeper, onlyNodeId } from './LeaseKeeper.ts';
export type { LeaseKeeperOptions } from './LeaseKeeper.ts';
export { openNodeFolder } from './NodeFolder.ts';
export type { NodeFolder } from './NodeFolder.ts';
