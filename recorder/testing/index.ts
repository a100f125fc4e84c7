export type { LectureNode } from './ownership/LectureNode.ts';
export { TwoNodes } from './ownership/TwoNodes.ts';
export { ClamdServer, eicar } from '../upload/testing/ClamdServer.ts';
