import { Waiting } from '../design/index.ts';

export default function StudioPage({ lectureId }: { lectureId: string }) {
  return <Waiting label={lectureId} />;
}
