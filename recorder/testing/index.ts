export type { LectureNode } from './ownership/LectureNode.ts';
export { TwoNodes } from './ownership/TwoNodes.ts';
