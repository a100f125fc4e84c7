export { NodeDirectory } from './NodeDirectory.ts';
export type { LiveNode, NodeState } from './NodeDirectory.ts';
export { ProcessDirectory } from './ProcessDirectory.ts';
export type { SiteProcess } from './ProcessDirectory.ts';
