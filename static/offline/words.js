/* Sentences: they stand in a template of the page, by name, with blanks: {n}. */

export const words = (root) => {
  const found = new Map();
  for (const each of root.querySelector("template[data-words]").content.querySelectorAll("[data-word]")) {
    found.set(each.dataset.word, each.textContent);
  }
  return (name, facts = {}) => found.get(name).replace(/\{(\w+)\}/g, (_, blank) => facts[blank] ?? "");
};

/* Say in large letters what the last scan did. level: good, or care where somebody is to look. */
export const flash = (place, level, text) => {
  const [box, line, words] = ["div", "p", "b"].map((name) => document.createElement(name));
  words.textContent = text;
  line.append(words);
  box.append(line);
  box.className = `flash flash-${level}`;
  place.replaceChildren(box);
};

/* Write a sentence into a place, or empty it. */
export const fill = (place, text, kind = "") => {
  const line = document.createElement("p");
  line.textContent = text;
  line.className = kind;
  place.replaceChildren(...(text ? [line] : []));
};
