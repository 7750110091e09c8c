# What R prints for the models that tests/ui/lens compares. Written with R 4.2.2 and lme4 1.1-31:
#   Rscript tests/reference/r/summaries.R > tests/reference/r/summaries.txt
suppressMessages(library(lme4))
show <- function(name, m) {
  cat("==", name, "\n")
  print(summary(m))
}
d <- read.csv("datasets/school.csv")
tight <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10), calc.derivs = FALSE)
show("null", lmer(gcse ~ 1 + (1 | school), data = d, control = tight))
show("slope", lmer(gcse ~ lrt + girl + (1 + lrt | school), data = d, REML = FALSE, control = tight))
show("factor", lmer(gcse ~ lrt + girl + factor(schgend) + (1 + lrt | school), data = d, control = tight))
d <- read.csv("datasets/nurses.csv")
show("nested", lmer(stress ~ experien + (1 | hospital/ward), data = d, control = tight))
d <- read.csv("datasets/pupils.csv")
show("crossed", lmer(achiev ~ pupses + (1 | pschool) + (1 | sschool), data = d, control = tight))
