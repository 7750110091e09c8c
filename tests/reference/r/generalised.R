# What R prints for the models that tests/ui/lens/test_discrete.py compares. Written with R 4.2.2 and
# lme4 1.1-31; the nurses' file is the one that the lens offers beside their model:
#   python -c "import datasets; print(datasets.load('london_nurses').csv())" > nurses.csv
#   Rscript tests/reference/r/generalised.R nurses.csv > tests/reference/r/generalised.txt
suppressMessages(library(lme4))
show <- function(name, m) {
  cat("==", name, "\n")
  print(summary(m))
}
tight <- glmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-9), tolPwrss = 1e-13)
read <- function(name) read.csv(file.path("tests/reference/data", name))
d <- read.csv(commandArgs(TRUE)[1])
show("binary", glmer(leave ~ fam + male + age + (1 | hospital), d, binomial, tight))
show("quadrature", glmer(leave ~ fam + male + age + (1 | hospital), d, binomial, tight, nAGQ = 7))
show("glm", glm(leave ~ fam + male, binomial, d))
d <- read("popular2.csv")
d$pop2 <- as.integer(d$popular > 5)
d$pop7 <- sapply(d$popular, function(x) sum(x > c(5, 6, 6.5, 7, 7.5, 8)))
show("slopes", glmer(pop2 ~ sex + Cextrav + (1 + Cextrav | class), d, binomial, tight))
show("count", glmer(pop7 ~ sex + (1 | class), d, poisson, tight))
show("counts", glm(pop7 ~ sex + Cextrav, poisson, d))
d <- read("cbpp.csv")
d$period <- factor(d$period)
show("trials", glmer(cbind(incidence, size - incidence) ~ period + (1 | herd), d, binomial, tight))
d <- read("grouseticks.csv")
show("several", glmer(TICKS ~ factor(YEAR) + cHEIGHT + (1 | BROOD) + (1 | LOCATION), d, poisson, tight))
