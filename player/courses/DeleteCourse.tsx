import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { Button, ConfirmDialog, showToast } from '../design/index.ts';
import { text } from '../text/index.ts';

export function DeleteCourse({ courseId, title }: { courseId: string; title: string }) {
  const { route } = useLocation();
  const [isAsking, setAsking] = useState(false);
  const remove = useToastedAction(async () => {
    await api.deleteCourse({ params: { courseId } });
    showToast({ text: text.course.deleted });
    route(paths.home);
  });
  return (
    <div class="row">
      <Button variant="quiet" onClick={() => setAsking(true)}>
        {text.course.delete}
      </Button>
      {isAsking ? (
        <ConfirmDialog
          title={text.course.deleteTitle(title)}
          message={text.course.deleteMessage}
          confirmLabel={text.course.delete}
          isBusy={remove.isBusy}
          onConfirm={() => remove.run()}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </div>
  );
}
