import { text } from '../text/index.ts';
import './courses.css';
import { StreamKeyFields } from './StreamKeyFields.tsx';

/** The stream key of the course, and how to set up OBS. */
export function StreamKeyPanel({ courseId }: { courseId: string }) {
  return (
    <div class="course-body narrow">
      <p>{text.streamKey.intro}</p>
      <StreamKeyFields courseId={courseId} />
      <section class="section">
        <h2>{text.streamKey.stepsTitle}</h2>
        <ol class="steps">
          {text.streamKey.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      </section>
    </div>
  );
}
