/** What `runLectureNode.ts` prints. `stored`: a chat message that the database has accepted. */
export type NodeEvent =
  | { event: 'ready'; nodeId: string }
  | { event: 'owner'; lectureId: string; fence: number }
  | { event: 'letGo' | 'ended'; lectureId: string }
  | { event: 'stored'; text: string }
  | { event: 'refused'; message: string };
