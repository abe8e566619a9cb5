/**
 * The parameters that our SDK takes by position, by class and operation (with Python's names, the class without
 * `Async`), and the fields of the input classes. Everything else goes into one options object.
 */
const operations: Record<string, readonly string[]> = {
  'Codex.thread_resume': ['thread_id'],
  'Codex.thread_fork': ['thread_id'],
  'Codex.thread_archive': ['thread_id'],
  'Codex.thread_unarchive': ['thread_id'],
  'Codex.login_api_key': ['api_key'],
  'Codex.request': ['method', 'params'],
  'Codex.wait_for_turn_completed': ['turn_id'],
  'Codex.wait_for_login_completed': ['login_id'],
  'Codex.request_with_retry_on_overload': ['method', 'params'],
  'Codex.supports': ['name'],
  'Thread.run': ['input'],
  'Thread.start_goal': ['objective'],
  'Thread.run_goal': ['objective'],
  'Thread.revert': ['before_turn_id'],
  'Thread.update_metadata': ['metadata'],
  'Thread.review': ['target'],
  'Codex.thread_delete': ['thread_id'],
  'Thread.turn': ['input'],
  'Thread.attach': ['turn_id'],
  'Thread.stream_text': ['input'],
  'Thread.set_name': ['name'],
  'TurnHandle.steer': ['input'],
  'GoalHandle.steer': ['input'],
};

const fields: Record<string, readonly string[]> = {
  TextInput: ['text'],
  ImageInput: ['url'],
  LocalImageInput: ['path'],
  SkillInput: ['name', 'path'],
  MentionInput: ['name', 'path'],
  ExternalMessage: ['tool_name', 'content', 'namespace'],
};

/** The names of an operation's positional parameters; none where the table has none. */
export function positionalParameters(className: string, operation: string): readonly string[] {
  return operations[`${className}.${operation}`] ?? [];
}

/** The names of a class's constructor parameters; undefined for a class that scenarios cannot create. */
export function constructorParameters(className: string): readonly string[] | undefined {
  return fields[className];
}
