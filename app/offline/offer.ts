import './offer.css'

/**
 * Shows one quiet line over the page, with a button; a later offer takes its place. In a frame of another page nobody
 * looks for it: there the next visit has the new version.
 */
export function offer(text: string, reload: () => void): void {
  if (window.top !== window) return
  const line = document.querySelector('.offer') ?? document.createElement('aside')
  line.className = 'offer'
  line.setAttribute('aria-label', 'New version')
  const words = Object.assign(document.createElement('p'), { textContent: `${text}.` })
  words.setAttribute('role', 'status')
  const button = Object.assign(document.createElement('button'), {
    type: 'button',
    className: 'link',
    textContent: 'Reload',
  })
  button.addEventListener('click', reload)
  line.replaceChildren(words, button)
  document.body.prepend(line)
}
