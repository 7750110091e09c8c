// What the parts of the frame are built from: an element with its properties and what it holds.
const make = (name, properties, ...children) => {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...children);
  return node;
};

