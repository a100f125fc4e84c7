import QuizEditorPage from './QuizEditorPage.tsx';
import QuizPage from './QuizPage.tsx';
import QuizResultsPage from './QuizResultsPage.tsx';

/** The pages of one quiz: taking it, editing it, and its results. */
export default function QuizRoute({ part, ...ids }: { courseId: string; quizId: string; part: string | undefined }) {
  if (part === 'edit') return <QuizEditorPage {...ids} />;
  return part === 'results' ? <QuizResultsPage {...ids} /> : <QuizPage {...ids} />;
}
