import { Waiting } from '../design/index.ts';

export default function LiveRoomPage({ lectureId }: { lectureId: string }) {
  return <Waiting label={lectureId} />;
}
