import type { QuizSummary } from '#api/contract';
import { Badge } from '../design/index.ts';
import { text } from '../text/index.ts';
import { formatInZone } from './quizTimes.ts';

/** What one has to know of a quiz before it is opened. */
export function QuizFacts({ quiz: { state, phase, settings, questionCount, maxPoints, timeZone, own }, isWhole }: { quiz: QuizSummary; isWhole?: boolean }) {
  const { opensAt, closesAt, timeLimitMinutes, maxAttempts } = settings;
  const facts = [
    text.quizzes.questionCount(questionCount),
    text.quizzes.points(maxPoints),
    ...(timeLimitMinutes === null ? [] : [text.quizzes.minutes(timeLimitMinutes)]),
    ...(phase === 'upcoming' && opensAt !== null ? [text.quizzes.opens(formatInZone(opensAt, timeZone))] : []),
    ...(closesAt === null ? [] : [text.quizzes.deadline(formatInZone(closesAt, timeZone))]),
    ...(isWhole ? [text.quizzes.attempts(own.attemptCount, maxAttempts)] : []),
  ];
  return (
    <div class="quizzes__facts">
      {state === 'draft' ? <Badge>{text.quizzes.draft}</Badge> : <Badge tone={phase === 'open' ? 'good' : 'normal'}>{text.quizzes[phase]}</Badge>}
      {facts.map((fact) => (
        <span key={fact}>{fact}</span>
      ))}
      {isWhole && (opensAt !== null || closesAt !== null) ? <span>{text.quizzes.zone(timeZone)}</span> : null}
    </div>
  );
}
