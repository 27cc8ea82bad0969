"""plbuild turns filled Excel workbooks into standardized Word plans."""
