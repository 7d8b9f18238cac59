// Names every text on the page whose contrast with its ground is below 4.5 to 1. Colours are read from a canvas, which
// turns every notation into bytes; the ground is the nearest one that is opaque.
const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });

function bytes(colour) {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = colour;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data];
}

function ground(element) {
  for (; element; element = element.parentElement) {
    const colour = bytes(getComputedStyle(element).backgroundColor);
    if (colour[3] > 250) return colour;
  }
  return [255, 255, 255, 255];
}

function luminance([red, green, blue]) {
  const linear = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(red / 255) + 0.7152 * linear(green / 255) + 0.0722 * linear(blue / 255);
}

const faint = new Set();
for (const element of document.querySelectorAll("body *")) {
  const speaks = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  if (!speaks || !element.checkVisibility({ opacityProperty: true })) continue;
  if (element.matches(".visually-hidden, .skip, script")) continue;
  const [dark, light] = [luminance(bytes(getComputedStyle(element).color)), luminance(ground(element))].sort((a, b) => a - b);
  const ratio = (light + 0.05) / (dark + 0.05);
  if (ratio < 4.5) faint.add(`${element.className || element.tagName}: ${ratio.toFixed(2)}`);
}
return [...faint];
