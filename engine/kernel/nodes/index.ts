export { NodeDirectory } from './NodeDirectory.ts';
export type { LiveNode, NodeState } from './NodeDirectory.ts';
