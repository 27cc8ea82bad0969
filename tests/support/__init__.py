"""What the tests share: filling workbooks as people do, and driving real office programs."""
