// Buttons that copy the command beside them.

/** Shows the copy buttons below `root`, which do nothing without a script. */
export function withCopy(root: ParentNode): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>('.copy[hidden]')) button.hidden = false
}

export function watchCopy(): void {
  withCopy(document)
  document.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>('.copy') : null
    const code = button?.parentElement?.querySelector('code')
    if (button && code) void copy(code).then((done) => say(button, done))
  })
}

async function copy(code: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(code.textContent)
    return true
  } catch {
    // No permission, or no secure context: select it, so that one key is left to press.
    getSelection()?.selectAllChildren(code)
    return false
  }
}

function say(button: HTMLButtonElement, done: boolean): void {
  const status = document.getElementById('status')
  const words = done ? 'Copied' : 'Selected'
  button.textContent = words
  if (status !== null) status.textContent = words
  setTimeout(() => {
    button.textContent = 'Copy'
    if (status !== null) status.textContent = ''
  }, 2000)
}
